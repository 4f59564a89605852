;; Never deep, but two to the power of 64 calls.
(module
  (func $branch (param $depth i32)
    (if (i32.eqz (local.get $depth)) (then (return)))
    (call $branch (i32.sub (local.get $depth) (i32.const 1)))
    (call $branch (i32.sub (local.get $depth) (i32.const 1))))
  (func (export "run") (call $branch (i32.const 64))))

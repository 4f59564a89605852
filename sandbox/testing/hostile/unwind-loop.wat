;; Falls deep and throws everything away, again and again.
(module
  (tag $thrown)
  (func $fall (param $depth i32)
    (if (i32.eqz (local.get $depth)) (then (throw $thrown)))
    (call $fall (i32.sub (local.get $depth) (i32.const 1))))
  (func (export "run")
    (loop $again
      try
        (call $fall (i32.const 4000))
      catch_all
      end
      (br $again))))

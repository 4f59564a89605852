(module
  (memory 1)
  (func (export "run") (local $sum v128)
    (loop $again
      (local.set $sum (i32x4.add (local.get $sum) (v128.load (i32.const 0))))
      (v128.store (i32.const 16) (local.get $sum))
      (br $again))))

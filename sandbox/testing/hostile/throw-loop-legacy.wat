(module
  (tag $thrown (param i32))
  (func (export "run")
    (loop $again
      try
        (throw $thrown (i32.const 1))
      catch $thrown
        drop
      end
      (br $again))))

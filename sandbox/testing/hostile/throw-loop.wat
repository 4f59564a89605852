(module
  (tag $thrown (param i32))
  (func (export "run")
    (loop $again
      (drop (block $caught (result i32)
        (try_table (catch $thrown $caught) (throw $thrown (i32.const 1)))
        (i32.const 0)))
      (br $again))))

(module
  (memory (export "memory") 1)
  (func (export "run")
    (loop $again
      (drop (memory.grow (i32.const 1)))
      (memory.fill (i32.const 0) (i32.const 1) (i32.mul (memory.size) (i32.const 65536)))
      (br $again))))

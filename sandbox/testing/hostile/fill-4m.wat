(module
  (memory 64)
  (func (export "run")
    (loop $again (memory.fill (i32.const 0) (i32.const 7) (i32.const 4194304)) (br $again))))

(module
  (memory 1024)
  (func (export "run")
    (loop $again (memory.fill (i32.const 0) (i32.const 7) (i32.const 67108864)) (br $again))))

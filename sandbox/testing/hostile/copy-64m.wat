(module
  (memory 1024)
  (func (export "run")
    (loop $again (memory.copy (i32.const 0) (i32.const 1) (i32.const 67108863)) (br $again))))

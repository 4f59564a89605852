(module
  (memory 1)
  (func (export "run")
    (loop $again (memory.copy (i32.const 0) (i32.const 1) (i32.const 65535)) (br $again))))

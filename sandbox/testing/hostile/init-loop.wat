(module
  (memory 1)
  (data $text "abcdefghijklmnopqrstuvwxyz")
  (func (export "run")
    (loop $again (memory.init $text (i32.const 0) (i32.const 0) (i32.const 26)) (br $again))))

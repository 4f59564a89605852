(module
  (type $array (array (mut i64)))
  (func (export "run")
    (loop $again (drop (array.new_default $array (i32.const 100000000))) (br $again))))

(module
  (type $plain (func))
  (table 2 funcref)
  (elem (i32.const 0) func $even $odd)
  (func $even (export "run") (return_call_indirect (type $plain) (i32.const 1)))
  (func $odd (return_call_indirect (type $plain) (i32.const 0))))

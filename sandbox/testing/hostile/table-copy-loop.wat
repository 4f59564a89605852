(module
  (table $table 10000 funcref)
  (elem (i32.const 0) func $run)
  (func $run (export "run")
    (loop $again (table.copy (i32.const 1) (i32.const 0) (i32.const 9999)) (br $again))))

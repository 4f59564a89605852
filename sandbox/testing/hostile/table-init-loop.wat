(module
  (table $table 10 funcref)
  (elem $all func $run $run $run $run $run $run $run $run)
  (func $run (export "run")
    (loop $again (table.init $all (i32.const 0) (i32.const 0) (i32.const 8)) (br $again))))

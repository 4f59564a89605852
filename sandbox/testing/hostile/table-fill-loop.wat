(module
  (table $table 10000 funcref)
  (elem declare func $run)
  (func $run (export "run")
    (loop $again (table.fill $table (i32.const 0) (ref.func $run) (i32.const 10000)) (br $again))))

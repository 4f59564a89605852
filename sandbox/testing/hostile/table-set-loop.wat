(module
  (table $table 1 funcref)
  (elem declare func $run)
  (func $run (export "run")
    (loop $again (table.set $table (i32.const 0) (ref.func $run)) (br $again))))

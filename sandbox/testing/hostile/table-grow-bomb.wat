(module
  (table $table (export "table") 1 funcref)
  (func (export "run")
    (loop $again (drop (table.grow $table (ref.null func) (i32.const 1))) (br $again))))

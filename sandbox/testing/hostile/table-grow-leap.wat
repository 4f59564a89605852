(module
  (table $table (export "table") 1 externref)
  (func (export "run")
    (loop $again (drop (table.grow $table (ref.null extern) (i32.const 9999999))) (br $again))))

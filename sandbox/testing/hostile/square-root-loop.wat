(module
  (global $value (mut f64) (f64.const 2))
  (func (export "run")
    (loop $again (global.set $value (f64.sqrt (f64.sqrt (global.get $value)))) (br $again))))

(module
  (import "ironbark:limits" "fuel" (global $fuel (mut i64)))
  (func (export "run")
    (loop $again (global.set $fuel (i64.const 500000000)) (br $again))))

;; Not valid as it stands; it would be once there is one more global.
(module (func (export "run") (loop $again (global.set 0 (i64.const 500000000)) (br $again))))

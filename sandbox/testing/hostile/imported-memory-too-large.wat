(module (import "host" "memory" (memory 65536)) (func (export "run")))

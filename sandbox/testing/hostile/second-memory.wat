(module (memory 160) (memory 160) (func (export "run")))

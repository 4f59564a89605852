(module (table 10000 exnref) (func (export "run")))

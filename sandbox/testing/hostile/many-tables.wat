(module
  (table 10000 funcref) (table 10000 funcref) (table 10000 funcref)
  (table 10000 funcref) (table 10000 funcref) (table 10000 funcref)
  (table 10000 funcref) (table 10000 funcref) (table 10000 funcref)
  (func (export "run")))

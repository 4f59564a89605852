(module
  (func (export "run") (local $count i64)
    (loop $again
      (local.set $count (i64.add (local.get $count) (i64.const 1)))
      (br_if $again (i64.ne (local.get $count) (i64.const 0))))))

(module
  (tag $thrown)
  (func (export "run") (local $exception exnref)
    (local.set $exception
      (block $caught (result exnref) (try_table (catch_all_ref $caught) (throw $thrown)) (unreachable)))
    (loop $again
      (local.set $exception
        (block $caught (result exnref)
          (try_table (catch_all_ref $caught) (throw_ref (local.get $exception))) (unreachable)))
      (br $again))))

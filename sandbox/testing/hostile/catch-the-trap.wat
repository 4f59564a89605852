;; Tries to outlive the end of its fuel.
(module
  (func $spin (loop $again (br $again)))
  (func (export "run")
    (loop $again
      try
        (call $spin)
      catch_all
      end
      (br $again))))

(module
  (tag $thrown)
  (func (export "run")
    try
      (throw $thrown)
    catch_all
      (loop $again
        try
          rethrow 2
        catch_all
        end
        (br $again))
    end))

;; Keeps each exception alive in a frame of its own.
(module
  (tag $thrown (param v128 v128 v128 v128))
  (func $hoard
    try
      v128.const i32x4 -1 -1 -1 -1
      v128.const i32x4 -1 -1 -1 -1
      v128.const i32x4 -1 -1 -1 -1
      v128.const i32x4 -1 -1 -1 -1
      throw $thrown
    catch_all
      call $hoard
      rethrow 0
    end)
  (func (export "run") (call $hoard)))

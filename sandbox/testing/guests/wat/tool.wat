;; A tool of near:agent@0.4.1 by hand. What it does is the first word of its params, or of the text of {"do":"…"}: an
;; operation of the table below.
;; Memory: 0 results, 1024 constant texts, 65536 and above the heap (bump allocation, never freed: an instance lives
;; for one call).
(module
  (type $execute (func (param i32 i32 i32 i32 i32) (result i32)))
  (import "near:agent/host@0.4.1" "log" (func $log (param i32 i32 i32)))
  (import "near:agent/host@0.4.1" "http-request"
    (func $http (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
  (memory (export "memory") 2)
  (table 10 funcref)
  (elem (i32.const 0) $echo $http-get $trap $loop $grow $flood $recurse $fill)
  (global $top (mut i32) (i32.const 65536))
  (data (i32.const 1024) "{\"type\":\"object\"}")
  (data (i32.const 1088) "A guest for tests.")
  (data (i32.const 1152) "GET")
  (data (i32.const 1160) "{}")

  (func (export "cabi_realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and
      (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
      (i32.sub (i32.const 0) (local.get $align))))
    (global.set $top (i32.add (local.get $at) (local.get $new)))
    (block $enough
      (loop $more
        (br_if $enough (i32.le_u (global.get $top) (i32.mul (memory.size) (i32.const 65536))))
        (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))
        (unreachable)))
    (local.get $at))

  ;; The first letter decides: the operations' names differ in it.
  (func $operation (param $p i32) (param $n i32) (result i32)
    (local $letter i32)
    (if (i32.eqz (local.get $n)) (then (return (i32.const 0))))
    (local.set $letter (i32.load8_u (local.get $p)))
    (if (i32.eq (local.get $letter) (i32.const 104)) (then (return (i32.const 1)))) ;; http
    (if (i32.eq (local.get $letter) (i32.const 116)) (then (return (i32.const 2)))) ;; trap
    (if (i32.eq (local.get $letter) (i32.const 108)) (then (return (i32.const 3)))) ;; loop
    (if (i32.eq (local.get $letter) (i32.const 103)) (then (return (i32.const 4)))) ;; grow
    (if (i32.eq (local.get $letter) (i32.const 111)) (then (return (i32.const 5)))) ;; overflow the log
    (if (i32.eq (local.get $letter) (i32.const 114)) (then (return (i32.const 6)))) ;; recurse
    (if (i32.eq (local.get $letter) (i32.const 102)) (then (return (i32.const 7)))) ;; fill
    (i32.const 0))

  (func (export "near:agent/tool@0.4.1#execute") (type $execute)
    ;; {"do":"…"}: what stands between the quotes
    (if (i32.gt_u (local.get 1) (i32.const 9))
      (then (if (i32.eq (i32.load align=1 (local.get 0)) (i32.const 0x6f64227b))
        (then
          (local.set 0 (i32.add (local.get 0) (i32.const 7)))
          (local.set 1 (i32.sub (local.get 1) (i32.const 9)))))))
    (call_indirect (type $execute)
      (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)
      (call $operation (local.get 0) (local.get 1))))

  (func $success (param $p i32) (param $n i32) (result i32)
    (i32.store (i32.const 0) (i32.const 0))
    (i32.store (i32.const 4) (local.get $p))
    (i32.store (i32.const 8) (local.get $n))
    (i32.const 0))

  ;; failure, kind operation-failed, without code or message
  (func $failure (result i32)
    (i32.store (i32.const 0) (i32.const 1))
    (i32.store (i32.const 4) (i32.const 6))
    (i32.store (i32.const 8) (i32.const 0))
    (i32.store (i32.const 20) (i32.const 0))
    (i32.const 0))

  ;; anything else: gives the params back
  (func $echo (type $execute) (call $success (local.get 0) (local.get 1)))

  ;; "http URL": asks for the page and gives its body
  (func $http-get (type $execute)
    (call $http
      (i32.const 1152) (i32.const 3)
      (i32.add (local.get 0) (i32.const 5)) (i32.sub (local.get 1) (i32.const 5))
      (i32.const 1160) (i32.const 2)
      (i32.const 0) (i32.const 0) (i32.const 0)
      (i32.const 0) (i32.const 0)
      (i32.const 128))
    (if (result i32) (i32.load8_u (i32.const 128))
      (then (call $failure))
      (else (call $success (i32.load (i32.const 144)) (i32.load (i32.const 148))))))

  (func $trap (type $execute) (unreachable))

  (func $loop (type $execute) (loop $again (br $again)) (unreachable))

  ;; "grow": takes pages until it gets no more, then says how many it has by a text of as many characters
  (func $grow (type $execute)
    (block $full
      (loop $more
        (br_if $full (i32.eq (memory.grow (i32.const 1)) (i32.const -1)))
        (br $more)))
    (memory.fill (i32.const 65536) (i32.const 120) (memory.size))
    (call $success (i32.const 65536) (memory.size)))

  ;; "overflow": logs its params for ever
  (func $flood (type $execute)
    (loop $again
      (call $log (i32.const 2) (local.get 0) (local.get 1))
      (br $again))
    (unreachable))

  (func $recurse (type $execute)
    (call $recurse (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)))

  ;; "fill": writes the same 64 KiB for ever, in single instructions
  (func $fill (type $execute)
    (loop $again
      (memory.fill (i32.const 65536) (i32.const 0) (i32.const 65536))
      (br $again))
    (unreachable))

  (func $text (param $p i32) (param $n i32) (result i32)
    (i32.store (i32.const 64) (local.get $p))
    (i32.store (i32.const 68) (local.get $n))
    (i32.const 64))
  (func (export "near:agent/tool@0.4.1#schema") (result i32) (call $text (i32.const 1024) (i32.const 17)))
  (func (export "near:agent/tool@0.4.1#description") (result i32) (call $text (i32.const 1088) (i32.const 18))))

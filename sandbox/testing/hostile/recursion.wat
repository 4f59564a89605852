(module (func $run (export "run") (call $run) (call $run)))

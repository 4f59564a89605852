(module (func $run (export "run") (return_call $run)))

//! The binary: hands over to `glsos::cli`.

fn main() -> std::process::ExitCode {
    glsos::cli::main(std::env::args_os())
}

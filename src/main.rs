//! The binary: hands over to `glsos::cli`.

#[global_allocator]
static MEMORY: glsos::cli::Memory = glsos::cli::Memory;

fn main() -> std::process::ExitCode {
    glsos::cli::main(std::env::args_os())
}

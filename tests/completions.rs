//! packaging/completions: made from the declaration of the command line, for each shell.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use clap::CommandFactory as _;
use clap_complete::Shell;

const FILES: [(&str, Shell); 3] =
    [("glsos.bash", Shell::Bash), ("_glsos", Shell::Zsh), ("glsos.fish", Shell::Fish)];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/completions")
}

fn made(shell: Shell) -> Vec<u8> {
    let mut made = Vec::new();
    clap_complete::generate(shell, &mut glsos::cli::args::Cli::command(), "glsos", &mut made);
    made
}

#[test]
fn the_completions_are_up_to_date() {
    for (name, shell) in FILES {
        let (path, made) = (folder().join(name), made(shell));
        if std::env::var_os("GLSOS_BLESS").is_some() {
            fs::create_dir_all(folder()).unwrap();
            fs::write(&path, &made).unwrap();
        }
        let written = fs::read(&path).unwrap_or_default();
        assert!(written == made, "{name} is out of date: GLSOS_BLESS=1 cargo test writes it anew");
    }
}

#[test]
fn bash_completes_commands_and_options() {
    let completions = String::from_utf8(made(Shell::Bash)).unwrap();
    let complete = |words: &str| {
        let script = format!(
            "{completions}\nCOMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _glsos glsos \"${{COMP_WORDS[-1]}}\" \"${{COMP_WORDS[-2]}}\"; echo \"${{COMPREPLY[@]}}\""
        );
        let output = Command::new("bash").args(["--norc", "-c", &script]).output().unwrap();
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    };
    assert_eq!(complete("glsos unp"), "unpack");
    assert_eq!(complete("glsos show --gr"), "--grep");
    assert_eq!(complete("glsos collect --profile qu"), "quick");
}

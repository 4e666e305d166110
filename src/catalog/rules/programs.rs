//! The programs that are shells, start shells or wrap other programs. Tables only; `argv` reads them.

/// Whether a name is among words that spaces and line ends part.
pub(super) fn listed(words: &str, name: &str) -> bool {
    words.split_ascii_whitespace().any(|word| word == name)
}

/// Shells.
pub(super) const SHELLS: &str = "
    sh bash rbash dash zsh rzsh ksh rksh mksh lksh pdksh oksh loksh ash hush yash posh fish csh tcsh rc es elvish nu
    xonsh osh ysh pwsh execlineb sash";

/// Programs that hand their arguments to a shell in any case, or leave this host.
pub(super) const ALWAYS: &[(&str, &str)] = &[
    ("su", "starts the other user's shell; write `[\"runuser\", \"-u\", \"USER\", \"--\", …]`"),
    (
        "watch",
        "hands its arguments to a shell, and never ends; let the program itself sample, with `sampler = true`",
    ),
    ("script capsh sg newgrp login sulogin tmux screen", "starts a shell"),
    ("parallel at batch", "hands its arguments to a shell"),
    ("ssh rsh mosh pdsh", "hands its arguments to a shell of another host"),
];

/// Programs that run the program in their arguments.
pub(super) const WRAPPERS: &str = "
    env sudo doas pkexec runuser setpriv gosu su-exec setuidgid chpst softlimit envdir envuidgid pgrphack setlock
    nice ionice chrt taskset numactl choom prlimit cpulimit timeout nohup setsid setarch linux64 linux32 i386 x86_64
    stdbuf unbuffer time xargs chroot unshare nsenter bwrap firejail proot systemd-run systemd-inhibit systemd-nspawn
    systemd-cat machinectl start-stop-daemon daemonize cgexec ip flock strace ltrace perf gdb valgrind fakeroot
    fakechroot faketime eatmydata catchsegv dbus-run-session dbus-launch xvfb-run sshpass chronic torsocks proxychains
    proxychains4 bundle docker podman nerdctl crictl kubectl lxc lxc-attach lxc-execute incus busybox busybox.static
    toybox with-contenv tini dumb-init";

/// Options with which a program takes code or a command line instead of a file or an argv.
pub(super) struct Switch {
    pub(super) programs: &'static str,
    /// The short options meant.
    pub(super) letters: &'static str,
    /// The long ones, without their dashes; any beginning of one counts, as it does for getopt.
    pub(super) long: &'static str,
    /// Short options whose value may be the next argument.
    pub(super) values: &'static str,
    /// Short options whose value, if any, is joined to them.
    pub(super) joined: &'static str,
    /// Whether they count behind the first argument that is no option, too.
    pub(super) anywhere: bool,
    /// What is wrong with them.
    pub(super) why: &'static str,
}

const fn switch(
    programs: &'static str,
    (letters, long): (&'static str, &'static str),
    (values, joined): (&'static str, &'static str),
    why: &'static str,
) -> Switch {
    Switch { programs, letters, long, values, joined, anywhere: false, why }
}

const CODE: &str = "takes code from its arguments; let a program of the host do it, or a probe";
const SHELL: &str = "hands it to a shell";
const SPLITS: &str = "splits a string into words, as a shell does";

/// All such options.
pub(super) const SWITCHES: &[Switch] = &[
    switch("env", ("S", "split-string"), ("uC", ""), SPLITS),
    switch("sudo", ("sie", "shell login edit"), ("ughpCrtTUDRac", ""), SHELL),
    switch("doas", ("s", ""), ("uCa", ""), SHELL),
    switch("runuser", ("cls", "command session-command login shell"), ("uggGwP", ""), SHELL),
    switch("systemd-run", ("S", "shell"), ("puEHM", ""), SHELL),
    Switch { anywhere: true, ..switch("flock", ("c", "command"), ("wE", ""), SHELL) },
    Switch {
        anywhere: true,
        ..switch("tar", ("", "to-command checkpoint-action use-compress-program"), ("", ""), SHELL)
    },
    switch("python pypy ipython", ("c", ""), ("WXmQ", ""), CODE),
    switch("perl", ("eE", ""), ("I", "MmFixCDdV"), CODE),
    switch("ruby jruby truffleruby", ("e", ""), ("ICErX", "KxFi"), CODE),
    switch("node nodejs deno bun", ("ep", "eval print"), ("rC", ""), CODE),
    switch("php", ("rBRE", "run process-begin process-code process-end"), ("cdfzFST", ""), CODE),
    switch("lua luajit Rscript julia erl elixir guile", ("e", "eval"), ("l", ""), CODE),
    switch("expect", ("c", ""), ("f", ""), CODE),
];

# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_glsos_global_optspecs
    string join \n h/help V/version
end

function __fish_glsos_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_glsos_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_glsos_using_subcommand
    set -l cmd (__fish_glsos_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c glsos -n "__fish_glsos_needs_command" -s h -l help -d 'Print help'
complete -c glsos -n "__fish_glsos_needs_command" -s V -l version -d 'Print version'
complete -c glsos -n "__fish_glsos_needs_command" -f -a "collect" -d 'Make a bundle of this host, redacted, for a support ticket'
complete -c glsos -n "__fish_glsos_needs_command" -f -a "redact" -d 'Take the secrets out of any text, as a filter, or out of a whole bundle'
complete -c glsos -n "__fish_glsos_needs_command" -f -a "verify" -d 'Check bundles: digests, damage, and a second scan for secrets'
complete -c glsos -n "__fish_glsos_needs_command" -f -a "unpack" -d 'Unpack bundles safely, each into DIR/TICKET/HOST/TIME; also what is there of damaged ones'
complete -c glsos -n "__fish_glsos_needs_command" -f -a "show" -d 'List what is in a bundle, print an entry, or look for a pattern, without unpacking'
complete -c glsos -n "__fish_glsos_needs_command" -f -a "report" -d 'Tell what is wrong with the hosts that bundles were made of'
complete -c glsos -n "__fish_glsos_needs_command" -f -a "diff" -d 'Compare two bundles: before and after, or node against node'
complete -c glsos -n "__fish_glsos_needs_command" -f -a "list" -d 'List the collectors: what a bundle can hold'
complete -c glsos -n "__fish_glsos_needs_command" -f -a "explain" -d 'Tell what a collector takes, from where, and why'
complete -c glsos -n "__fish_glsos_needs_command" -f -a "reveal" -d 'Turn pseudonyms back into what they stand for, on your side only'
complete -c glsos -n "__fish_glsos_needs_command" -f -a "collectors" -d 'Write and check collectors of your own'
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l ticket -d 'The ticket\'s number: goes into the bundle\'s name and manifest' -r
complete -c glsos -n "__fish_glsos_using_subcommand collect" -s o -l output -d 'Where the bundle goes: a new file, a folder, or \'-\' for stdout [default: ./glsos.[TICKET.]HOST.YYYYmmddHHMMSS.tar.gz]' -r -F
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l since -d 'Lines of logs from this time on: a duration back from now (90m, 2d, 100y) or an RFC 3339 time' -r
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l until -d 'Lines of logs up to this time' -r
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l only -d 'Take only these collectors, or sources as COLLECTOR/SOURCE' -r
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l skip -d 'Leave these collectors or sources' -r
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l profile -d 'How much to take' -r -f -a "quick\t'No samplers, nothing slow'
default\t'What a ticket needs'
full\t'Also what is slow: package verification, long samples'"
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l collectors -d 'More collectors, besides those of /etc/glsos/collectors.d' -r -F
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l sysroot -d 'Read the files below DIR (a mounted disk, a container\'s root); runs no command' -r -F
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l max-log -d 'At most this much of each log with its rotated files, the newest lines; \'none\' for all' -r
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l max-bundle -d 'At most that large a bundle: the largest logs give way first; \'none\' for no limit' -r
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l timeout -d 'Close the bundle after this time with what there is' -r
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l redact-value -d 'A file with more values to remove, one a line' -r -F
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l redact-pattern -d 'More to remove, by a regular expression, within a line; of one with groups only what they match' -r
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l keep-value -d 'A file with values to keep though a rule takes them, one a line; never a secret of this host' -r -F
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l hide -d 'Also hide behind pseudonyms: ip, host, user, email, project, or all' -r
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l mapping -d 'Keep the key of the pseudonyms in FILE (made if it is not there), and this run\'s pairs beside it, for \'reveal\'. Share FILE, and all nodes give the same pseudonyms' -r -F
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l without-known-secrets -d 'Go on although a place of this host\'s secrets can\'t be read or understood'
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l dry-run -d 'Print what would be taken, with sizes, and take nothing'
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l review -d 'Show what is in the bundle and what was taken out, and ask; \'no\' deletes it'
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l strict -d 'Exit with 3 if any entry is not complete'
complete -c glsos -n "__fish_glsos_using_subcommand collect" -l json -d 'Tell what happens as JSON, a line an event, on stdout'
complete -c glsos -n "__fish_glsos_using_subcommand collect" -s q -l quiet -d 'Say nothing but errors'
complete -c glsos -n "__fish_glsos_using_subcommand collect" -s v -l verbose -d 'Say how every entry ended'
complete -c glsos -n "__fish_glsos_using_subcommand collect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c glsos -n "__fish_glsos_using_subcommand redact" -s o -l output -d 'Where the new bundle goes: a new file, a folder, or \'-\' for stdout [default: ./NAME.redacted.tar.gz]' -r -F
complete -c glsos -n "__fish_glsos_using_subcommand redact" -l redact-value -d 'A file with more values to remove, one a line' -r -F
complete -c glsos -n "__fish_glsos_using_subcommand redact" -l redact-pattern -d 'More to remove, by a regular expression, within a line; of one with groups only what they match' -r
complete -c glsos -n "__fish_glsos_using_subcommand redact" -l keep-value -d 'A file with values to keep though a rule takes them, one a line; never a secret of this host' -r -F
complete -c glsos -n "__fish_glsos_using_subcommand redact" -l hide -d 'Also hide behind pseudonyms: ip, host, user, email, project, or all' -r
complete -c glsos -n "__fish_glsos_using_subcommand redact" -l mapping -d 'Keep the key of the pseudonyms in FILE (made if it is not there), and this run\'s pairs beside it, for \'reveal\'. Share FILE, and all nodes give the same pseudonyms' -r -F
complete -c glsos -n "__fish_glsos_using_subcommand redact" -l without-known-secrets -d 'Go on although a place of this host\'s secrets can\'t be read or understood'
complete -c glsos -n "__fish_glsos_using_subcommand redact" -s q -l quiet -d 'Say nothing but errors'
complete -c glsos -n "__fish_glsos_using_subcommand redact" -s h -l help -d 'Print help'
complete -c glsos -n "__fish_glsos_using_subcommand verify" -l json -d 'Tell it as JSON, a line a bundle'
complete -c glsos -n "__fish_glsos_using_subcommand verify" -s q -l quiet -d 'Say nothing but errors: the exit code tells'
complete -c glsos -n "__fish_glsos_using_subcommand verify" -s h -l help -d 'Print help'
complete -c glsos -n "__fish_glsos_using_subcommand unpack" -l into -d 'The folder below which each gets its own, TICKET/HOST/TIME: \'no-ticket\' and its like for what it does not tell' -r -F
complete -c glsos -n "__fish_glsos_using_subcommand unpack" -l max-files -d 'At most this many files and folders of each' -r
complete -c glsos -n "__fish_glsos_using_subcommand unpack" -l max-size -d 'At most this much of each in all' -r
complete -c glsos -n "__fish_glsos_using_subcommand unpack" -l max-ratio -d 'At most this many times the archive\'s own size, from 64 MiB on' -r
complete -c glsos -n "__fish_glsos_using_subcommand unpack" -s q -l quiet -d 'Say nothing but errors'
complete -c glsos -n "__fish_glsos_using_subcommand unpack" -s h -l help -d 'Print help'
complete -c glsos -n "__fish_glsos_using_subcommand show" -l grep -d 'Print the lines that match, as ENTRY:LINE:TEXT, of PATH or of all entries; compressed ones are inflated' -r
complete -c glsos -n "__fish_glsos_using_subcommand show" -l json -d 'Tell entries, or matches, as JSON, a line each'
complete -c glsos -n "__fish_glsos_using_subcommand show" -s h -l help -d 'Print help'
complete -c glsos -n "__fish_glsos_using_subcommand report" -l html -d 'Write it as one HTML page into a new file, or to stdout as \'-\': without scripts, nothing to load' -r -F
complete -c glsos -n "__fish_glsos_using_subcommand report" -l fail-on -d 'Exit with 4 if there is a finding of this severity or a worse one' -r -f -a "notice\t'Worth knowing; nothing may be wrong'
warning\t'Something is wrong, or soon will be'
critical\t'GitLab does not work, or data is in danger'"
complete -c glsos -n "__fish_glsos_using_subcommand report" -l json -d 'Tell all of it as one JSON value'
complete -c glsos -n "__fish_glsos_using_subcommand report" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c glsos -n "__fish_glsos_using_subcommand diff" -l json -d 'Tell it as one JSON value'
complete -c glsos -n "__fish_glsos_using_subcommand diff" -s h -l help -d 'Print help'
complete -c glsos -n "__fish_glsos_using_subcommand list" -l collectors -d 'More collectors, besides those of /etc/glsos/collectors.d' -r -F
complete -c glsos -n "__fish_glsos_using_subcommand list" -s h -l help -d 'Print help'
complete -c glsos -n "__fish_glsos_using_subcommand explain" -l collectors -d 'More collectors, besides those of /etc/glsos/collectors.d' -r -F
complete -c glsos -n "__fish_glsos_using_subcommand explain" -s h -l help -d 'Print help'
complete -c glsos -n "__fish_glsos_using_subcommand reveal" -l mapping -d 'The file that \'collect --mapping\' made, or the pairs of one run beside it' -r -F
complete -c glsos -n "__fish_glsos_using_subcommand reveal" -s h -l help -d 'Print help'
complete -c glsos -n "__fish_glsos_using_subcommand collectors; and not __fish_seen_subcommand_from new check" -s h -l help -d 'Print help'
complete -c glsos -n "__fish_glsos_using_subcommand collectors; and not __fish_seen_subcommand_from new check" -f -a "new" -d 'Print a collector to begin with'
complete -c glsos -n "__fish_glsos_using_subcommand collectors; and not __fish_seen_subcommand_from new check" -f -a "check" -d 'Check collector files: every mistake with its line'
complete -c glsos -n "__fish_glsos_using_subcommand collectors; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c glsos -n "__fish_glsos_using_subcommand collectors; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'

# Completion of blogcli for fish. In ~/.config/fish/config.fish:  blogcli completion fish | source
function __blogcli_candidates
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l candidates ($words[1] completion candidates fish -- $words "$current" 2> /dev/null)
    if test (count $candidates) -gt 0
        printf '%s\n' $candidates
    else
        __fish_complete_path "$current"
    end
end
complete --command blogcli --no-files --arguments '(__blogcli_candidates)'

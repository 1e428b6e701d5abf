#compdef blogcli
# Completion of blogcli for zsh. In ~/.zshrc, after compinit:  eval "$(blogcli completion zsh)"
_blogcli() {
    local -a lines values descriptions
    local line
    lines=("${(@f)$("${(Q)words[1]}" completion candidates zsh -- "${(@Q)words[1,CURRENT]}" 2> /dev/null)}")
    for line in $lines; do
        values+=("${line%%$'\t'*}")
        descriptions+=("${line/$'\t'/  -- }")
    done
    if (( $#values )); then
        compadd -U -l -d descriptions -a values
    else
        _files
    fi
}
# If zsh loads this file on the first completion, the file is the body of the function, which has to complete.
if [[ ${funcstack[1]} == _blogcli ]]; then
    _blogcli "$@"
else
    compdef _blogcli blogcli
fi

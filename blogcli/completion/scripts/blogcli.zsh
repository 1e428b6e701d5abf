#compdef blogcli
# Completion of blogcli for zsh. In ~/.zshrc, behind compinit:  eval "$(blogcli completion zsh)"
_blogcli() {
    local -a lines values shown
    local line
    lines=("${(@f)$("${(Q)words[1]}" completion candidates zsh -- "${(@Q)words[1,CURRENT]}" 2> /dev/null)}")
    for line in $lines; do
        values+=("${line%%$'\t'*}")
        shown+=("${line/$'\t'/  -- }")
    done
    if (( $#values )); then
        compadd -U -l -d shown -a values
    else
        _files
    fi
}
compdef _blogcli blogcli

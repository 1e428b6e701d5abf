# Completion of blogcli for bash. In ~/.bashrc:  eval "$(blogcli completion bash)"
_blogcli() {
    local candidate
    COMPREPLY=()
    while IFS= read -r candidate; do
        COMPREPLY+=("$candidate")
    done < <("$1" completion candidates bash -- "${COMP_LINE:0:COMP_POINT}" "$2" 2> /dev/null)
}
complete -o default -F _blogcli blogcli

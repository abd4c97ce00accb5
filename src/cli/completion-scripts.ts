/**
 * What a shell runs to complete `kookeeper`. Each asks `completion words` for the words that may stand where the cursor is, and offers files when
 * there are none. What is typed is handed over as words and never evaluated.
 */
export const SCRIPTS = {
  bash: `# bash completion for kookeeper
_kookeeper() {
  local word
  COMPREPLY=()
  while IFS= read -r word; do
    COMPREPLY+=("\${word%%$'\\t'*}")
  done < <("$1" completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o bashdefault -o default -F _kookeeper kookeeper`,
  zsh: `#compdef kookeeper
# zsh completion for kookeeper
_kookeeper() {
  local line
  local -a values described
  while IFS= read -r line; do
    values+=("\${line%%$'\\t'*}")
    described+=("\${line/$'\\t'/  }")
  done < <("$words[1]" completion words -- "\${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)
  if (( $#values )); then
    compadd -l -d described -a values
  else
    _files
  fi
}
if [[ "$funcstack[1]" == _kookeeper ]]; then
  _kookeeper "$@"
else
  compdef _kookeeper kookeeper
fi`,
  fish: `# fish completion for kookeeper
function __kookeeper_words
    set -l line (commandline -opc)
    set -l current (commandline -ct)
    set -l found (command $line[1] completion words -- $line[2..-1] "$current" 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path "$current"
    end
end
complete -c kookeeper -f -a '(__kookeeper_words)'`,
} as const;

export type Shell = keyof typeof SCRIPTS;
export const SHELLS = Object.keys(SCRIPTS) as readonly Shell[];

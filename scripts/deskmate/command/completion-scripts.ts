/** Scripts by which a shell asks `deskmate __complete` what may come next. */

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * Bash splits words at `=` and `:` and replaces only what follows: words are put together again
 * before they are passed on, and the part that stays is cut off the answers. Works without the
 * bash-completion package.
 */
const bash = `# bash completion for deskmate(1)
_deskmate() {
	local rest=\${COMP_LINE:0:COMP_POINT} piece typed= kept= answer at
	local -a words=()
	for ((at = 0; at <= COMP_CWORD; at++)); do
		piece=\${COMP_WORDS[at]}
		if ((at == 0)) || [[ $rest == [[:space:]]* || $rest != "$piece"* ]]; then
			words+=("$piece")
		else
			words[-1]+=$piece
		fi
		rest=\${rest#"\${rest%%[![:space:]]*}"}
		rest=\${rest#"$piece"}
	done
	piece=\${COMP_WORDS[COMP_CWORD]} typed=\${words[-1]}
	[[ $piece == [=:] ]] && kept=$typed || kept=\${typed%"$piece"}
	COMPREPLY=()
	while IFS= read -r answer; do
		answer=\${answer%%$'\\t'*}
		COMPREPLY+=("\${answer#"$kept"}")
	done < <("\${words[0]}" __complete -- "\${words[@]:1}" 2>/dev/null)
}
complete -o default -F _deskmate deskmate
`;

const zsh = `#compdef deskmate
_deskmate() {
	local line
	local -a answers
	for line in "\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
		[[ -n $line ]] || continue
		answers+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
	done
	if ((\${#answers})); then
		_describe -V deskmate answers
	else
		_files
	fi
}
if [[ $funcstack[1] == _deskmate ]]; then
	_deskmate "$@"
else
	compdef _deskmate deskmate
fi
`;

const fish = `# fish completion for deskmate(1)
function __deskmate_answers
	set -l words (commandline -opc)
	set -l typed (commandline -ct)
	set -l answers ($words[1] __complete -- $words[2..-1] "$typed" 2>/dev/null)
	if test (count $answers) -gt 0
		printf '%s\\n' $answers
	else
		__fish_complete_path "$typed"
	end
end
complete -c deskmate -f -a '(__deskmate_answers)'
`;

export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };

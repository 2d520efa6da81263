#!/usr/bin/env bash
# Runs the gate for action.yml, or for any other CI, and ends with the gate's exit code. What it is told
# stands in variables, since in a script it would be code:
#
#   HIGGS_DIAGNOSE  the tool; higgs-diagnose on PATH if it is not set
#   GATE_POLICY     the policy
#   GATE_INPUTS     captures, sound files, logs, folders or patterns of them, one a line
#   GATE_BASELINE   the report.json of an earlier gate, or nothing
#   GATE_STRICT     true or false
#   GATE_OUT        the folder for the reports; higgs-gate if it is not set
#   GATE_SUMMARY    true or false: whether report.md goes into GitHub's step summary
#
# It ends with 0 only if the tool did and left all four reports, of which report.json says "passed".
set -euo pipefail

tool=${HIGGS_DIAGNOSE:-higgs-diagnose}
policy=${GATE_POLICY-}
baseline=${GATE_BASELINE-}
out=${GATE_OUT:-higgs-gate}
reports=("$out/report.json" "$out/report.md" "$out/report.html" "$out/junit.xml")
# What GitHub takes as the summary of a step: not a byte more, or it shows nothing of it.
summary_limit=$((1024 * 1024))

say() {
    # On GitHub an error stands beside the step, too.
    if [[ ${GITHUB_ACTIONS-} == true ]]; then echo "::error title=gate.sh::$1"; else echo "gate.sh: $1" >&2; fi
}

# Tells later steps what came of it: verdict, exit code, the page if there is one.
outputs() {
    if [[ -z ${GITHUB_OUTPUT-} ]]; then return; fi
    {
        echo "verdict=$1"
        echo "exit-code=$2"
        if [[ $2 != 64 && -f $out/report.html ]]; then echo "report=$out/report.html"; fi
        if [[ $2 != 64 && -d $out ]]; then echo "folder=$out"; fi
    } >>"$GITHUB_OUTPUT"
}

refuse() {
    say "$1"
    outputs "" 64
    exit 64
}

is_true() { # NAME VALUE
    case ${2,,} in
    true) return 0 ;;
    false | '') return 1 ;;
    esac
    refuse "$1 must be true or false."
}

summarise() {
    local file=$out/report.md size taken room note
    size=$(wc -c <"$file")
    taken=0
    if [[ -f $GITHUB_STEP_SUMMARY ]]; then taken=$(wc -c <"$GITHUB_STEP_SUMMARY"); fi
    room=$((summary_limit - taken))
    if ((size <= room)); then
        cat "$file" >>"$GITHUB_STEP_SUMMARY"
        return
    fi
    # The sentence comes first: at the end it could stand within a table or a block of code.
    note='The report is longer than a step summary may be. This is its beginning; report.md has all of it.'
    room=$((room - ${#note} - 2))
    if ((room < 0)); then return; fi
    # The last line is cut somewhere, maybe within a letter: it goes.
    { printf '%s\n\n' "$note" && head -c "$room" "$file" | sed '$d'; } >>"$GITHUB_STEP_SUMMARY"
}

# A line break in a path would be another output for GitHub.
for value in "$policy" "$baseline" "$out"; do
    case $value in *[$'\n\r']*) refuse "The policy, the baseline and the folder for the reports are one line each." ;; esac
done
if [[ -z $policy ]]; then refuse "A policy is missing; \"higgs-diagnose gate --init\" prints one."; fi

arguments=(gate "--policy=$policy" "--out=$out")
if [[ -n $baseline ]]; then
    # It would be gone before it is read.
    for report in "${reports[@]}"; do
        if [[ $baseline -ef $report ]]; then refuse "The baseline is in the folder that the reports go into; keep it elsewhere."; fi
    done
    arguments+=("--baseline=$baseline")
fi
if is_true strict "${GATE_STRICT-}"; then arguments+=(--strict); fi
summary=false
if is_true summary "${GATE_SUMMARY-}"; then summary=true; fi
if [[ ${GITHUB_ACTIONS-} == true ]]; then arguments+=(--annotations); fi
inputs=()
while IFS= read -r line || [[ -n $line ]]; do
    line=${line%$'\r'}
    if [[ -n ${line//[[:space:]]/} ]]; then inputs+=("$line"); fi
done < <(printf '%s' "${GATE_INPUTS-}")
if ((${#inputs[@]} == 0)); then refuse "No input is named: give captures, sound files, logs, or folders of them."; fi

# What an earlier run left must not be taken for this one's.
rm -f -- "${reports[@]}" || refuse "The reports of an earlier run are in the way."

code=0
if [[ ${GITHUB_ACTIONS-} == true ]]; then
    # What the tool prints has names and lines of files in it, and GitHub takes a line such as
    # ::set-output for a command. So it takes none until it reads a word that no file can know.
    word=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    errors=$(mktemp)
    trap 'rm -f "$errors"' EXIT
    echo "::stop-commands::$word"
    "$tool" "${arguments[@]}" -- "${inputs[@]}" </dev/null 2>"$errors" || code=$?
    # All on one stream: two may arrive in any order. A line break ends whatever was printed last.
    echo
    grep -avE '^::(error|warning|notice) ' "$errors" || true
    echo
    echo "::$word::"
    grep -aE '^::(error|warning|notice) ' "$errors" || true
else
    "$tool" "${arguments[@]}" -- "${inputs[@]}" </dev/null || code=$?
fi

verdict=
missing=()
for report in "${reports[@]}"; do
    if [[ ! -s $report ]]; then missing+=("$report"); fi
done
if [[ -s $out/report.json ]]; then
    # The first level of the object is two spaces deep.
    verdict=$(sed -nE 's/^ {2}"verdict" ?: ?"([a-z]+)",?$/\1/p' "$out/report.json" | head -n 1)
fi
if ((code == 0)); then
    if ((${#missing[@]})); then
        say "The gate ended with 0, and ${missing[0]} is missing."
        code=2
    elif [[ $verdict != passed ]]; then
        say "The gate ended with 0, and $out/report.json does not say that it passed."
        code=2
    fi
fi
# Who looks at the verdict alone must not read that it passed either.
if ((code != 0)) && [[ $verdict == passed ]]; then verdict=; fi

outputs "$verdict" "$code"
if [[ $summary == true && -n ${GITHUB_STEP_SUMMARY-} && -s $out/report.md ]]; then
    summarise || echo "gate.sh: the step summary could not be written." >&2
fi
exit "$code"

#!/bin/sh
# Regenerates the teacher's voice: sim/classroom/speech/*.wav and the table utterances.ts beside them.
# Needs espeak-ng and sox. The texts are sim/classroom/speech/sentences.tsv: name, voice, sentence.
set -eu
cd "$(dirname "$0")/../sim/classroom/speech"
for tool in espeak-ng sox soxi; do
  command -v "$tool" >/dev/null || { echo "make-speech: $tool is missing: apt install espeak-ng sox" >&2; exit 1; }
done
rm -f ./*.wav
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
table="$work/utterances.ts"
{
  echo "/** Made by scripts/make-speech.sh from sentences.tsv: what the teacher says, in order. */"
  echo "export const UTTERANCES = ["
} >"$table"
tab=$(printf '\t')
while IFS="$tab" read -r name voice text; do
  espeak-ng -v "$voice+m3" -s 145 -p 42 -a 80 -w "$work/raw.wav" "$text"
  # 16 kHz, four bits a sample; silence cut at both ends; the same loudness for all.
  sox -R "$work/raw.wav" -r 16000 -c 1 "$work/even.wav" highpass 90 \
    silence 1 0.01 0.3% reverse silence 1 0.01 0.3% fade t 0.02 reverse fade t 0.01 norm -3
  rms=$(sox "$work/even.wav" -n stats 2>&1 | awk '/^RMS lev dB/ { print $4 }')
  gain=$(awk -v rms="$rms" 'BEGIN { print -20 - rms }')
  sox -R "$work/even.wav" -e ima-adpcm "$name.wav" gain -l "$gain"
  {
    echo "  {"
    echo "    file: '$name.wav',"
    echo "    language: '${name#*-}',"
    echo "    samples: $(soxi -s "$name.wav"),"
    echo "    text: '$text',"
    echo "  },"
  } >>"$table"
done <sentences.tsv
echo "] as const;" >>"$table"
mv "$table" utterances.ts
ls -l ./*.wav

$input | & node (Join-Path $PSScriptRoot 'notify.mjs') @args
exit $LASTEXITCODE

@echo off
rem workbook COMMAND: builds the program in src\RealNvp.Workbook where its sources have changed, and runs it. "workbook --help" lists the commands.
setlocal
set "WORKBOOK_ROOT=%~dp0."
set DOTNET_NOLOGO=1
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set "STATE=%~dp0.workbook"
if not exist "%STATE%" mkdir "%STATE%" || exit /b 1
pushd "%~dp0"
dotnet --version >nul 2>nul || (echo workbook: the .NET SDK 10 or newer is needed: https://dotnet.microsoft.com/download>&2 & popd & exit /b 1)
dotnet build src\RealNvp.Workbook -c Release -p:TreatWarningsAsErrors=false --nologo -v quiet -clp:NoSummary >"%STATE%\build.log" 2>&1
if errorlevel 1 (echo workbook: the build failed:>&2 & findstr /c:"error " "%STATE%\build.log" >&2 & popd & exit /b 1)
popd
dotnet "%~dp0src\RealNvp.Workbook\bin\Release\net10.0\RealNvp.Workbook.dll" %*

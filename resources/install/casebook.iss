; Installer for Windows, for one person, without an administrator. Inno Setup 6 reads it:
;   python3 bootstrap.py build --installer
; gives Version, Program (the folder dist\casebook) and Icon. Needs Windows 10 or newer, 64 bits.
; 简体中文 of the installer needs ChineseSimplified.isl in the Languages folder of Inno Setup; without it it speaks English.

#ifndef Version
  #error Start it with: python3 bootstrap.py build --installer
#endif

[Setup]
AppId={{5C1F6C5E-7B0A-4C52-9E0E-6C2B1B6D3A47}
AppName=Casebook
AppVersion={#Version}
AppPublisher=Casebook
VersionInfoVersion={#Version}
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=
DefaultDirName={localappdata}\Programs\Casebook
DisableProgramGroupPage=yes
DisableDirPage=yes
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0
CloseApplications=yes
RestartApplications=no
SetupIconFile={#Icon}
UninstallDisplayIcon={app}\casebook.exe
OutputBaseFilename=casebook-{#Version}-windows-setup
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
#ifexist AddBackslash(CompilerPath) + "Languages\ChineseSimplified.isl"
Name: "zh"; MessagesFile: "compiler:Languages\ChineseSimplified.isl"
#endif

[CustomMessages]
en.OpenStore=Open with Casebook
en.Commands=Casebook commands
#ifexist AddBackslash(CompilerPath) + "Languages\ChineseSimplified.isl"
zh.OpenStore=用 Casebook 打开
zh.Commands=Casebook 命令行
#endif

[InstallDelete]
; Of the version before nothing stays: a module that is gone must not be found.
Type: filesandordirs; Name: "{app}\_internal"
; Nor of versions that came from a stick: what this installer brings is what runs.
Type: files; Name: "{app}\current.json"
Type: filesandordirs; Name: "{app}\versions"

[UninstallDelete]
Type: files; Name: "{app}\current.json"
Type: filesandordirs; Name: "{app}\versions"

[Files]
Source: "{#Program}\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{userprograms}\Casebook"; Filename: "{app}\casebook.exe"
Name: "{userprograms}\{cm:Commands}"; Filename: "{cmd}"; Parameters: "/k ""{app}\casebook-cli.exe"" --help"; WorkingDir: "{userdocs}"
Name: "{userdesktop}\Casebook"; Filename: "{app}\casebook.exe"

[Registry]
; A store is a folder NAME.casebook, and Windows associates no folders by their ending: a line in the menu of such folders
; (right click) opens them instead.
Root: HKCU; Subkey: "Software\Classes\Directory\shell\Casebook"; ValueType: string; ValueData: "{cm:OpenStore}"; Flags: uninsdeletekey
Root: HKCU; Subkey: "Software\Classes\Directory\shell\Casebook"; ValueType: string; ValueName: "Icon"; ValueData: """{app}\casebook.exe"""
Root: HKCU; Subkey: "Software\Classes\Directory\shell\Casebook"; ValueType: string; ValueName: "AppliesTo"; ValueData: "System.FileName:""*.casebook"""
Root: HKCU; Subkey: "Software\Classes\Directory\shell\Casebook\command"; ValueType: string; ValueData: """{app}\casebook.exe"" ""%1"""

[Run]
Filename: "{app}\casebook.exe"; Description: "Casebook"; Flags: postinstall nowait skipifsilent

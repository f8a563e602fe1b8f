//! The names that C gives to errors of the system.

use rustix::io::Errno;

/// "ENOENT"; "EOTHER" for one that no port tells apart.
pub fn code(error: Errno) -> &'static str {
    match error {
        Errno::ACCESS => "EACCES",
        Errno::DQUOT => "EDQUOT",
        Errno::EXIST => "EEXIST",
        Errno::FBIG => "EFBIG",
        Errno::ILSEQ => "EILSEQ",
        Errno::INVAL => "EINVAL",
        Errno::IO => "EIO",
        Errno::ISDIR => "EISDIR",
        Errno::LOOP => "ELOOP",
        Errno::MFILE => "EMFILE",
        Errno::NAMETOOLONG => "ENAMETOOLONG",
        Errno::NOENT => "ENOENT",
        Errno::NOSPC => "ENOSPC",
        Errno::NOTDIR => "ENOTDIR",
        Errno::NOTEMPTY => "ENOTEMPTY",
        Errno::PERM => "EPERM",
        Errno::ROFS => "EROFS",
        _ => "EOTHER",
    }
}

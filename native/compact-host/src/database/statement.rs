//! Prepared statements, and walks over their rows.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use rquickjs::function::Func;
use rquickjs::{Array, Atom, Ctx, FromJs, IntoJs, Object, Value};
use rusqlite::types::{Value as SqlValue, ValueRef};
use rusqlite::{Connection, Row, Rows, Statement};
use self_cell::{MutBorrow, self_cell};

use super::failure::failure;
use crate::value::{Answer, Bytes, Failure};

self_cell!(
    /// A statement with the connection that it belongs to.
    struct Prepared {
        owner: Rc<Connection>,
        #[not_covariant]
        dependent: Statement,
    }
);

self_cell!(
    /// A statement of its own with its rows.
    struct Walk {
        owner: MutBorrow<Prepared>,
        #[not_covariant]
        dependent: Rows,
    }
);

/// What keeps a connection open, though nobody uses it: JavaScript lets go of it some time.
pub trait Close {
    fn close(&self);
}

impl<T> Close for RefCell<Option<T>> {
    fn close(&self) {
        drop(self.take());
    }
}

/// What is to be closed with a connection.
#[derive(Clone, Default)]
pub struct Dependents(Rc<RefCell<Vec<Weak<dyn Close>>>>);

impl Dependents {
    fn add<T: 'static>(&self, dependent: T) -> Rc<RefCell<Option<T>>> {
        let dependent = Rc::new(RefCell::new(Some(dependent)));
        let known: Weak<dyn Close> = Rc::downgrade(&dependent) as _;
        let mut all = self.0.borrow_mut();
        all.retain(|other| other.strong_count() > 0);
        all.push(known);
        dependent
    }

    pub fn close(&self) {
        for dependent in self.0.take() {
            if let Some(dependent) = dependent.upgrade() {
                dependent.close();
            }
        }
    }
}

/// A statement for JavaScript: `run`, `get`, `all` and `walk`, each with a list of values.
pub fn prepare(connection: Rc<Connection>, sql: &str, dependents: &Dependents) -> Result<OpenStatement, Failure> {
    let prepared = dependents.add(compile(connection, sql)?);
    Ok(OpenStatement { prepared, sql: sql.to_owned(), dependents: dependents.clone() })
}

fn compile(connection: Rc<Connection>, sql: &str) -> Result<Prepared, Failure> {
    Prepared::try_new(connection, |connection| connection.prepare(sql)).map_err(|error| failure(&error))
}

pub struct OpenStatement {
    prepared: Rc<RefCell<Option<Prepared>>>,
    sql: String,
    dependents: Dependents,
}

fn closed() -> Failure {
    Failure::new("failed", "the database is closed")
}

impl OpenStatement {
    /// Runs it to its end; `each` is called with every row until it says that it has enough.
    fn rows(&self, values: &[Parameter], mut each: impl FnMut(RowValues) -> bool) -> Result<(), Failure> {
        self.prepared.borrow_mut().as_mut().ok_or_else(closed)?.with_dependent_mut(|_, statement| {
            bind(statement, values)?;
            let mut rows = statement.raw_query();
            while let Some(row) = rows.next().map_err(|error| failure(&error))? {
                if !each(RowValues::of(row)?) {
                    break;
                }
            }
            Ok(())
        })
    }

    fn connection(&self) -> Result<Rc<Connection>, Failure> {
        self.prepared.borrow().as_ref().map(|prepared| prepared.borrow_owner().clone()).ok_or_else(closed)
    }

    fn run(&self, values: &[Parameter]) -> Result<Changes, Failure> {
        self.rows(values, |_| true)?;
        let connection = self.connection()?;
        Ok(Changes { changes: connection.changes() as f64, row: connection.last_insert_rowid() as f64 })
    }

    fn get(&self, values: &[Parameter]) -> Result<Option<OneRow>, Failure> {
        let mut first = None;
        self.rows(values, |row| {
            first = Some(row);
            false
        })?;
        first.map(|row| Ok(OneRow { names: self.names()?, row })).transpose()
    }

    fn all(&self, values: &[Parameter]) -> Result<AllRows, Failure> {
        let mut all = Vec::new();
        self.rows(values, |row| {
            all.push(row);
            true
        })?;
        Ok(AllRows { names: self.names()?, rows: all })
    }

    fn names(&self) -> Result<Vec<String>, Failure> {
        self.prepared.borrow().as_ref().map(|prepared| prepared.with_dependent(|_, statement| names(statement))).ok_or_else(closed)
    }

    /// Two walks may overlap, and a walk may run the same statement again: each has a statement of its own.
    fn walk(&self, values: &[Parameter]) -> Result<OpenWalk, Failure> {
        let mut prepared = compile(self.connection()?, &self.sql)?;
        prepared.with_dependent_mut(|_, statement| bind(statement, values))?;
        let walk =
            Walk::new(MutBorrow::new(prepared), |prepared| prepared.borrow_mut().with_dependent_mut(|_, statement| statement.raw_query()));
        Ok(OpenWalk(self.dependents.add(walk)))
    }
}

impl<'js> IntoJs<'js> for OpenStatement {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let object = Object::new(ctx.clone())?;
        let statement = Rc::new(self);
        let at = statement.clone();
        object.set("run", Func::from(move |values: Vec<Parameter>| Answer(at.run(&values))))?;
        let at = statement.clone();
        object.set("get", Func::from(move |values: Vec<Parameter>| Answer(at.get(&values))))?;
        let at = statement.clone();
        object.set("all", Func::from(move |values: Vec<Parameter>| Answer(at.all(&values))))?;
        object.set("walk", Func::from(move |values: Vec<Parameter>| Answer(statement.walk(&values))))?;
        Ok(object.into_value())
    }
}

/// `{ next(): Row | undefined, close(): void }`
pub struct OpenWalk(Rc<RefCell<Option<Walk>>>);

impl<'js> IntoJs<'js> for OpenWalk {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let object = Object::new(ctx.clone())?;
        let Self(walk) = self;
        let (at, ended) = (walk.clone(), Rc::new(Cell::new(false)));
        let left = ended.clone();
        object.set("next", Func::from(move || Answer(if ended.get() { Ok(None) } else { next(&mut at.borrow_mut()) })))?;
        object.set(
            "close",
            Func::from(move || {
                left.set(true);
                drop(walk.take());
            }),
        )?;
        Ok(object.into_value())
    }
}

fn next(walk: &mut Option<Walk>) -> Result<Option<OneRow>, Failure> {
    let open = walk.as_mut().ok_or_else(closed)?;
    open.with_dependent_mut(|_, rows| {
        let Some(row) = rows.next().map_err(|error| failure(&error))? else { return Ok(None) };
        Ok(Some(OneRow { names: names(row.as_ref()), row: RowValues::of(row)? }))
    })
}

fn names(statement: &Statement<'_>) -> Vec<String> {
    statement.column_names().map(str::to_owned).collect()
}

fn bind(statement: &mut Statement<'_>, values: &[Parameter]) -> Result<(), Failure> {
    statement.clear_bindings();
    for (at, Parameter(value)) in values.iter().enumerate() {
        statement.raw_bind_parameter(at + 1, value).map_err(|error| failure(&error))?;
    }
    Ok(())
}

/// A value for a statement. Every number is bound as SQLite's REAL, as node:sqlite does: a column's type makes an integer of it, and one file
/// holds the same whoever wrote it.
struct Parameter(SqlValue);

impl<'js> FromJs<'js> for Parameter {
    fn from_js(ctx: &Ctx<'js>, value: Value<'js>) -> rquickjs::Result<Self> {
        Ok(Self(if value.is_null() {
            SqlValue::Null
        } else if let Some(number) = value.as_number() {
            SqlValue::Real(number)
        } else if value.is_string() {
            SqlValue::Text(String::from_js(ctx, value)?)
        } else {
            SqlValue::Blob(Bytes::from_js(ctx, value)?.0)
        }))
    }
}

/// How many rows a statement changed, and the id of the row that was added last.
struct Changes {
    changes: f64,
    row: f64,
}

impl<'js> IntoJs<'js> for Changes {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let object = Object::new(ctx.clone())?;
        object.set("changes", self.changes)?;
        object.set("lastInsertRowid", self.row)?;
        Ok(object.into_value())
    }
}

/// The values of a row.
struct RowValues(Vec<Column>);

impl RowValues {
    fn of(row: &Row<'_>) -> Result<Self, Failure> {
        let statement: &Statement<'_> = row.as_ref();
        let columns = (0..statement.column_count()).map(|at| Column::of(row.get_ref(at).map_err(|error| failure(&error))?));
        Ok(Self(columns.collect::<Result<_, Failure>>()?))
    }

    /// An object of the columns by their names.
    fn into_object<'js>(self, names: &[Atom<'js>], ctx: &Ctx<'js>) -> rquickjs::Result<Object<'js>> {
        let object = Object::new(ctx.clone())?;
        for (name, column) in names.iter().zip(self.0) {
            let name = name.clone();
            match column {
                Column::Null => object.set(name, Value::new_null(ctx.clone()))?,
                Column::Number(number) => object.set(name, number)?,
                Column::Text(text) => object.set(name, text)?,
                Column::Bytes(bytes) => object.set(name, bytes)?,
            }
        }
        Ok(object)
    }
}

/// The engine looks a name up by its text, which costs more than a value: once for many rows.
fn atoms<'js>(names: &[String], ctx: &Ctx<'js>) -> rquickjs::Result<Vec<Atom<'js>>> {
    names.iter().map(|name| Atom::from_str(ctx.clone(), name)).collect()
}

struct OneRow {
    names: Vec<String>,
    row: RowValues,
}

impl<'js> IntoJs<'js> for OneRow {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        self.row.into_object(&atoms(&self.names, ctx)?, ctx).map(Object::into_value)
    }
}

struct AllRows {
    names: Vec<String>,
    rows: Vec<RowValues>,
}

impl<'js> IntoJs<'js> for AllRows {
    fn into_js(self, ctx: &Ctx<'js>) -> rquickjs::Result<Value<'js>> {
        let names = atoms(&self.names, ctx)?;
        let array = Array::new(ctx.clone())?;
        for (at, row) in self.rows.into_iter().enumerate() {
            array.set(at, row.into_object(&names, ctx)?)?;
        }
        Ok(array.into_value())
    }
}

enum Column {
    Null,
    Number(f64),
    Text(String),
    Bytes(Bytes),
}

/// The largest integer that a number of JavaScript holds exactly together with its neighbours.
const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

impl Column {
    fn of(value: ValueRef<'_>) -> Result<Self, Failure> {
        Ok(match value {
            ValueRef::Null => Self::Null,
            ValueRef::Real(number) => Self::Number(number),
            ValueRef::Integer(number) if number.unsigned_abs() <= MAX_SAFE_INTEGER => Self::Number(number as f64),
            ValueRef::Integer(_) => return Err(Failure::new("failed", "an integer of the database is too large")),
            ValueRef::Text(text) => Self::Text(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Blob(bytes) => Self::Bytes(Bytes(bytes.to_vec())),
        })
    }
}

"""The sheets: sizes are facts of the products, cross-checked between two public tables (LibreOffice, gLabels).

A sheet is always chosen by part number, since "24 per sheet" names eight different dies. Brand names only say what a
size is compatible with; a name without a brand is Avery's. L7163 and L4731 stand here as LibreOffice has them: the
figures of gLabels for the same parts are not symmetric and cannot be right.
"""

from .sheet import Sheet

# Width, height, columns, rows, left, top, pitch across and down.
_GAPPED = (
    Sheet(
        *("L7160", 63.5, 38.1, 3, 7, 7.2, 15.15, 66.04, 38.1),
        ("J8160", "L7060", "L7560", "Herma 4677", "Decadry DLW-1731", "Decadry OLW-4731"),
        radius=1.8,
    ),
    Sheet("L7159", 64, 33.86, 3, 8, 6.46, 13.06, 66.54, 33.86, ("J8159",), radius=1.8),
    Sheet("L7161", 63.5, 46.56, 3, 6, 7.21, 8.82, 66.04, 46.56, ("J8161",), radius=2.5),
    Sheet("L7162", 99.06, 33.87, 2, 8, 4.67, 13.02, 101.6, 33.87, ("J8162",), radius=1.8),
    Sheet("L7163", 99.06, 38.1, 2, 7, 4.67, 15.15, 101.6, 38.1, ("J8163", "L7063"), radius=1.8),
    Sheet("L7164", 63.5, 71.97, 3, 4, 7.21, 4.57, 66.04, 71.97, ("J8164",), radius=3),
    Sheet("L7165", 99.06, 67.73, 2, 4, 4.67, 13.04, 101.6, 67.73, ("J8165", "L7565", "Decadry DLW-1734"), radius=2),
    Sheet("L7173", 99.06, 57, 2, 5, 4.67, 6, 101.6, 57, radius=1.8),
    Sheet("L7177", 99.06, 42.33, 2, 6, 4.67, 21.44, 101.6, 42.33, radius=1.8),
    Sheet("L7651", 38.1, 21.17, 5, 13, 4.67, 10.9, 40.64, 21.17, ("J8651", "L7051", "L7551"), radius=1.8),
    Sheet("L7654", 45.72, 25.4, 4, 10, 9.75, 21.43, 48.26, 25.4, ("J8654", "L4770", "L6140", "L6145"), radius=1.5),
    Sheet("L4731", 25.4, 10, 7, 27, 8.48, 13.43, 27.94, 10, ("L4731REV", "L7658", "J8658", "L6008"), radius=1.5),
    Sheet("L4732", 35.56, 16.93, 5, 16, 11.02, 12.99, 38.1, 16.93, radius=1.5),
    Sheet(
        *("L4736", 45.72, 21.17, 4, 12, 9.75, 21.41, 48.26, 21.17),
        ("L6009", "L6113", "L4778", "Herma 4097", "Herma 4221", "Herma 4346", "Herma 9531"),
        radius=1.5,
    ),
    Sheet(
        *("L4737", 63.5, 29.63, 3, 9, 7.21, 15.1, 66.04, 29.63),
        ("L6011", "L6114", "Herma 4098", "Herma 4222", "Herma 4347"),
        radius=1.5,
    ),
    Sheet("L6012", 96, 50.8, 2, 5, 7.73, 21.43, 98.54, 50.8, ("Herma 4099",), radius=1.5),
    # White polyester of today. The same numbers without L are older sheets with other dies, below.
    Sheet("L4773", 63.5, 33.9, 3, 8, 7.2, 13.1, 66.05, 33.9, radius=1.8, derived=True),  # the die of L6032
    Sheet("L4774", 99.1, 139, 2, 2, 4.63, 9.5, 101.64, 139, radius=1.8, derived=True),  # the die of L7069
    Sheet("L4775", 210, 297, 1, 1, 0, 0, 210, 297),
    Sheet("L4776", 99.06, 42.33, 2, 6, 4.67, 21.44, 101.6, 42.33, radius=1.8, derived=True),  # the die of L7177
)
# Cut edge to edge. 297 / 8 is 37.125 and 297 / 7 is 42.428: with the 37 mm on the box the last row would be a
# millimetre too high.
_EDGE_TO_EDGE = (
    Sheet(
        *("Z3474", 70, 37.125, 3, 8, 0, 0, 70, 37.125),
        ("3474", "3448", "3449", "3450", "3451", "Herma 4464", "Herma 4615", "Herma 4695", "JAC 7037"),
    ),
    Sheet("Z3490", 70, 36, 3, 8, 0, 4.43, 70, 36, ("3490", "3475", "Herma 4453", "JAC 70362")),
    Sheet("Z3422", 70, 35, 3, 8, 0, 8.43, 70, 35, ("3422", "Herma 4429", "Decadry DLW-1787", "Decadry OLW-4787")),
    Sheet("Z3489", 70, 29.69, 3, 10, 0, 0, 70, 29.69, ("3489", "Herma 4456", "Herma 4612")),
    Sheet("Z3652", 70, 42.428, 3, 7, 0, 0, 70, 42.428, ("3652", "Herma 4616", "Herma 4668", "JAC 7042")),
    Sheet("Z3484", 105, 37.125, 2, 8, 0, 0, 105, 37.125, ("3484", "Herma 4462", "Herma 4620")),
    Sheet("Z3425", 105, 57, 2, 5, 0, 5.93, 105, 57, ("3425", "Herma 4425")),
    # 65 labels like L7651, but without gaps: 5 mm aside in the first column.
    Sheet(
        "Z3666", 38.1, 21.2, 5, 13, 9.75, 10.65, 38.1, 21.2, ("3666", "6121", "Herma 4606", "Herma 4810", "JAC 3821")
    ),
    Sheet("Z3657", 48.5, 25.4, 4, 10, 8, 21.45, 48.5, 25.4, ("3657", "4780", "Herma 4474")),
    Sheet("Z4773", 64.6, 33.8, 3, 8, 8.1, 13.23, 64.6, 33.8, ("4773",)),
    Sheet("Z4776", 97, 42.3, 2, 6, 8, 21.53, 97, 42.3, ("4776",)),
    Sheet("H4608", 48.26, 25.4, 4, 11, 8.48, 8.8, 48.26, 25.4, ("Herma 4608", "Herma 4690", "Herma 4102", "JAC 4825")),
    Sheet("H4614", 66, 33.87, 3, 8, 6, 13.03, 66, 33.87, ("Herma 4614", "Herma 4691", "JAC 6633")),
    Sheet("H4623", 96.52, 42.33, 2, 6, 8.48, 21.51, 96.52, 42.33, ("Herma 4623", "Herma 4692", "JAC 9642")),
    Sheet("APLI1271", 70, 30, 3, 9, 0, 13.5, 70, 30, ("Apli 1271",)),
    # One table alone has it, with all of its 9 mm of margin at the head.
    Sheet("JAC7036", 70, 36, 3, 8, 0, 9, 70, 36, ("JAC 7036",), derived=True, centred=False),
)
SHEETS = (*_GAPPED, *_EDGE_TO_EDGE)
